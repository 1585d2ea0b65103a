# Own texts of: Government Contact Centre. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat of the Government Contact Centre!
    Here you can put questions to executive bodies and submit appeals. Write or choose a topic.
    The government hotline: 1545.

## Topics: button and answer
topic-submit = How to submit an appeal
answer-submit =
    You can submit an appeal to executive bodies by calling the government hotline 1545, on the website of the Government Contact Centre or here in the chat.
    Describe the matter and give your name and place of residence: without these an appeal counts as anonymous and is not considered.
    Once it is registered you get a number by which you can follow it.

topic-status = Status and progress
answer-status =
    An appeal is as a rule considered within one month; what needs no further study is dealt with at once, within fifteen days at the latest.
    If the matter is complex the term may be extended, to forty-five days altogether, and you are told so.
    To learn the status, call a consultant and give the number of your appeal.

topic-subsidies = Subsidies and benefits
answer-subsidies =
    A housing subsidy is granted by the Pension Fund of Ukraine on an application and a declaration of income and spending.
    You can apply at a service centre of the Pension Fund, on its web portal or through an administrative service centre.
    If the household, its income or the dwelling changes, you have to report it.

topic-pensions = Pensions
answer-pensions =
    The grant, recalculation and payment of pensions are matters of the Pension Fund of Ukraine.
    The state of your pension file and your insurance record are shown in the electronic office on the Fund's web portal.
    If you disagree with a decision you can appeal to the higher body or to a court.

topic-utilities = Housing and utilities
answer-utilities =
    If a service is poor or missing, first tell its provider, who has to draw up a claim report.
    If that does not help, register an appeal here: give the address, the service and the day when the interruption began.
    We pass it to the body in charge.

topic-displaced = Help for displaced people
answer-displaced =
    A certificate of an internally displaced person is issued by the social protection body, by an administrative service centre or through the Diia application.
    After that you may apply for the living allowance if you belong to those entitled to it.
    If you need evacuation or temporary housing, call a consultant: such enquiries come first.

topic-information = Access to public information
answer-information =
    A request for public information can be made in writing, by e-mail or orally; you need not give a reason.
    The holder of the information answers within five working days; for a large amount the term may be extended to twenty working days.
    A consultant will tell you which body to address.

## Subtopics: button and answer
answer-submit-again =
    To submit a new appeal describe it here, call the government hotline 1545 or use the site of the Government Contact Centre.
    If it is about an appeal you have submitted before, tell the consultant its number: you need not explain everything again.

topic-submit-data = What an appeal must contain
answer-submit-data =
    Give surname, first name, place of residence and the matter: a remark, a proposal, a request or a demand.
    An electronic appeal also needs the address for the answer.
    An appeal without residence, or a written one without signature, is anonymous and is not considered.

topic-submit-phone = Submit by phone
answer-submit-phone =
    Operators of the government hotline take an oral appeal at the number 1545.
    The operator notes the matter, registers the appeal and tells its number.
    A consultant in this chat can do the same.

answer-status-late-operator =
    It seems that one particular appeal has to be looked up.
    Call a consultant and tell the number of the appeal: they will see who deals with it.

topic-status-late = The term has passed
answer-status-late =
    If the term has passed without an answer, tell a consultant the number of the appeal: we check where it is and remind the body in charge.
    That body must tell you in writing when it extends the term.

topic-status-disagree = I disagree with the answer
answer-status-disagree =
    If the matter is not settled you can appeal again: give the number of the first appeal and what you disagree with.
    A decision, or the lack of one, can be appealed to the higher body or to a court.

topic-subsidies-apply = How to get a subsidy
answer-subsidies-apply =
    For a subsidy you file an application and a declaration of income and expenses with the Pension Fund: at a service centre, on its web portal or through a centre of administrative services.
    The income of the whole household counts.
    If nothing has changed, the next season usually needs no new application.

topic-subsidies-refused = A subsidy was refused
answer-subsidies-refused =
    A refusal must state its reason: usually income, debts, missing data or a long absence.
    Remove the reason and apply again, or appeal the decision to the higher level of the Pension Fund or to a court.
    A consultant can register an appeal to have the decision checked.

topic-pensions-apply = Applying for a pension
answer-pensions-apply =
    You apply for a pension to the Pension Fund: at a service centre or on its web portal with an electronic signature.
    An identity document and proof of the insurance record are needed; the fund has part of the data in its register.
    Check the record beforehand.

topic-pensions-recalculation = Recalculation of a pension
answer-pensions-recalculation =
    Pensions are indexed automatically, no application is needed.
    If there are new data on your record or earnings, file an application with the Pension Fund.
    The calculation can be seen in the electronic cabinet.

topic-utilities-outage = No light, water or heat
answer-utilities-outage =
    First tell the emergency service of the provider or the distribution operator: they know of planned and emergency cuts.
    If the service does not return, write the address, the service and since when: we register an appeal.

topic-utilities-bill = Bills and tariffs
answer-utilities-bill =
    About charges first write to the provider: it must explain the calculation and correct the charge for a service that was not given or was poor.
    If there is no proper answer, attach a copy to an appeal here.

topic-displaced-certificate = IDP certificate
answer-displaced-certificate =
    The certificate is issued where you live now: by the social protection body, a centre of administrative services or in the Diia application.
    An identity document is needed, and proof of the former residence if you have it.

topic-displaced-housing = Housing and evacuation
answer-displaced-housing =
    Temporary housing is found by the authorities of the community you came to.
    To leave a dangerous area write the settlement, how many people you are and whether anybody cannot move alone, and call a consultant.

topic-information-refused = Information was refused
answer-information-refused =
    A refusal, or silence, can be appealed to the head of the body, to the Parliament Commissioner for Human Rights or to a court.
    Attach a copy of the request and the date it was received.
