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
