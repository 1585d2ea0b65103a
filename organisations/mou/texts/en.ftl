# Own texts of: Ministry of Defence of Ukraine. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat of the Ministry of Defence of Ukraine!
    Do not write about locations or plans of units. Questions about the missing and captured are taken first.
media-received =
    Thank you, the file is kept. Do not send pictures that show where units are. Describe the question in words or call a consultant.

## Topics: button and answer
topic-missing = Missing and captured
answer-missing =
    We are very sorry that you go through this. A person missing under special circumstances is reported to the police; captivity and disappearance are also reported to the National Information Bureau.
    The return of prisoners is the task of the Coordination Headquarters for the Treatment of Prisoners of War.
    Do not publish the soldier's personal data. Call a consultant: you will be connected first.

topic-families = Families of the fallen
answer-families =
    Families of fallen defenders are entitled to a one-time payment, a survivor's pension and benefits.
    The papers are taken by the territorial centre of recruitment and social support at the place of residence, which also accompanies the family.
    A consultant will help with the list of papers in your case.

topic-payments = Payments to the military
answer-payments =
    Pay is reckoned by the military unit; on amounts and delays first file a report to the commander or turn to the finance service of the unit.
    A report can also be filed in the Army+ application.
    If there is no answer, describe the matter to a consultant without naming the location of the unit.

topic-register = Military register, deferment
answer-register =
    You can update your data and see the electronic military document in the Reserve+ application.
    Electronic applications for deferment are filed there too, if that is available for your ground.
    In other cases apply with papers to the territorial centre of recruitment and social support.

topic-recruiting = Serving under contract
answer-recruiting =
    Recruiting centres of the Ukrainian army help to choose a position and unit; they explain the terms and accompany the candidate.
    Vacancies are also on the platforms of the ministry's partners.
    A contract requires fitness by health and basic papers.

topic-medical = Medical commission and treatment
answer-medical =
    Fitness for service is decided by the military medical commission; the referral is given by the commander, the hospital or the territorial centre.
    A decision can be appealed to the higher commission or to a court.
    Treatment and rehabilitation of the military are free; the hospital arranges where.

topic-veterans = Combatant status, veterans
answer-veterans =
    The status of a combatant is granted on papers filed by the military unit; some decisions are automatic.
    The electronic certificate is shown in Diia.
    If the status is not granted in time, ask the unit to confirm that the papers were filed.

## Subtopics: button and answer
topic-missing-report = Report a missing person
answer-missing-report =
    The police takes the report; relatives are asked for DNA samples.
    After entry into the register of persons missing under special circumstances the family gets an extract.
    The unit informs the family through the territorial centre of recruitment.

topic-missing-captive = If a relative is captive
answer-missing-captive =
    Tell the National Information Bureau and the Coordination Headquarters; they confirm the status and keep in touch with the family.
    Do not answer offers of an exchange for money: they are fraud.
    Do not publish the soldier's data.

topic-missing-payment = Payments for a missing soldier
answer-missing-payment =
    The pay of a missing or captive soldier goes to the family on application to the unit.
    It can be filed through the territorial centre of recruitment.
    If there is no answer, call a consultant.

topic-families-payment = One-time payment
answer-families-payment =
    The application goes to the territorial centre of recruitment at the place of residence; everybody entitled files their own.
    A commission of the ministry decides.
    The papers depend on the family: a consultant helps.

topic-families-pension = Survivor's pension
answer-families-pension =
    The Pension Fund grants the pension on papers filed through the territorial centre of recruitment.
    Family members have benefits; the community confirms the status.

answer-payments-delay-closed =
    A report to the commander can be filed around the clock in Army+.
    Consultants are not at work now; describe the delay here without naming the location, and you will be answered after they open.

topic-payments-delay = The payment is late
answer-payments-delay =
    File a report to the commander (also in Army+) or ask the finance service of the unit.
    Additional pay depends on the commander's order.
    Without an answer describe the matter to a consultant, without locations.

topic-payments-wound = Payments for a wound
answer-payments-wound =
    During treatment after a wound in defence the pay goes on and additional pay is due.
    It rests on the unit's certificate of the circumstances: check that it was issued.
    With a disability a one-time payment is granted.

topic-register-data = Update data
answer-register-data =
    Data are updated in Reserve+, at a centre of administrative services or at the territorial centre.
    The electronic document is as good as the paper one.
    An error in the data can be reported in the application.

topic-register-deferment = Deferment
answer-register-deferment =
    Categories set by law have the right: among others students, parents of three or more children, carers.
    Some deferments are arranged in Reserve+ without a visit; for the others file papers through a centre of administrative services.
    Watch how long it is valid.

topic-recruiting-centre = Recruiting centre
answer-recruiting-centre =
    A recruiting centre finds a position that fits your experience and explains the terms; a visit commits you to nothing.
    Women serve under the same terms.
    Write your region, a consultant tells the nearest centre.

topic-medical-appeal = I disagree with the commission
answer-medical-appeal =
    A decision is appealed to the higher commission, then to the Central military medical commission or to a court.
    Attach the medical papers that were not considered.

topic-veterans-status = Get the combatant status
answer-veterans-status =
    The unit files the papers; you may apply to the commission yourself if it has not.
    It rests on the certificate of participation.
    The state is seen in Diia, where the certificate appears afterwards.
