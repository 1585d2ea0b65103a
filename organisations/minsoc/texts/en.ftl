# Own texts of: Ministry of Social Policy of Ukraine. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat of the Ministry of Social Policy of Ukraine!
    Choose a topic or write in plain words. If you need urgent help, press "Call a consultant" at once.
still-there = Are you still there? Take your time. If it is easier to talk to a person, press the button below.

## Topics: button and answer
topic-violence = Domestic violence
answer-violence =
    If life or health is in danger right now, call the police at once.
    Those affected have the right to shelter and to psychological, legal and medical help even before they file a statement.
    Call a consultant: your enquiry gets the highest priority and is confidential.

topic-displaced = Allowance for displaced people
answer-displaced =
    The living allowance is granted to internally displaced people of the categories set by the government.
    Apply through Diia, the Pension Fund, the social protection body or an administrative service centre.
    If a payment was stopped, ask the body that granted it for the reason.

topic-children = Help for families with children
answer-children =
    State allowances are paid among others at the birth of a child, to single mothers and to large families.
    The birth allowance has to be applied for within the term set by law, so do not put it off.
    Apply at the social protection body or an administrative service centre; many services are in Diia.

topic-disability = For people with disabilities
answer-disability =
    People with disabilities are entitled to rehabilitation aids such as prostheses and wheelchairs, to state social assistance and to social services.
    You need the decision on the disability or the recommendations of the expert team.
    A consultant will tell you where to apply in your community.

topic-subsidies = Subsidies and benefits
answer-subsidies =
    Housing subsidies and benefits are granted by the Pension Fund of Ukraine.
    The amount depends on the income of the household, its members and the consumption norms.
    Papers can be handed in at a service centre, on the Fund's portal or through an administrative service centre.

topic-services = Social services and care
answer-services =
    Home care, day care, supported living and other social services are provided by communities.
    You may apply for yourself or for someone else in need: the community assesses the needs and decides.
    Some services are free for those in difficult circumstances.

topic-guardianship = Guardianship and adoption
answer-guardianship =
    Adoption and foster care begin at the children's service of your place of residence.
    It explains the requirements, the papers and the training for candidates.
    If you know of a child left without care, report it as soon as you can.
