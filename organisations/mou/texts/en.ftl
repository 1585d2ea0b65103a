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
