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

## Subtopics: button and answer
answer-violence-closed =
    If life or health is in danger, call the police at once: it works around the clock.
    An officer can issue an urgent order, and the offender has to leave the home.
    Leave a message here: consultants are not at work now, but will take it first.

topic-violence-shelter = Shelter
answer-violence-shelter =
    Shelters take victims free of charge, with children, and their addresses are not disclosed.
    The police, the service for children, the centre of social services or the shelter itself refers you.
    Call a consultant: they tell where to turn in your region.

topic-violence-report = Report to the police
answer-violence-report =
    The police takes a report around the clock in any form, also orally.
    Keep messages, photos and medical papers: they are evidence.
    You may ask for a free lawyer.

topic-displaced-apply = How to get the allowance
answer-displaced-apply =
    Apply through the Diia application, a service centre of the Pension Fund, the social protection body or a centre of administrative services.
    A valid IDP certificate is needed.
    The right depends on income and category: a consultant helps to check.

topic-displaced-stopped = The payment has stopped
answer-displaced-stopped =
    The body that granted the allowance tells why it stopped; often it is a change of income, leaving the country or return home.
    If you disagree, ask for a review, and appeal a refusal.
    A consultant checks why the payment did not come.

topic-children-birth = Birth of a child
answer-children-birth =
    The birth allowance is arranged through the complex service "eMaliatko", a centre of administrative services or the social protection body.
    Apply not later than twelve months after the birth.
    Amount and order depend on the day of birth.

topic-children-large = Large family
answer-children-large =
    A family with three or more children is a large one.
    The certificate of parents and children gives benefits; it is issued in the community, there is an electronic service as well.
    The allowance for the third and each further child is granted by the social protection body.

topic-children-single = Single parents
answer-children-single =
    The allowance for a single parent is granted if the birth record has no second parent or that parent has died; income counts.
    If the other parent pays no alimony, there is a temporary allowance.

topic-disability-prosthesis = Prostheses and aids
answer-disability-prosthesis =
    Aids are free for those who are entitled to them.
    A recommendation of a doctor or the expert team is needed; apply to the community, a centre of administrative services or the territorial department.
    You may choose the supplier.

topic-disability-assessment = Assessment
answer-disability-assessment =
    The former commissions were replaced by expert teams at hospitals.
    A doctor refers you in the electronic system; the case is heard in person, in absence or at home.
    The decision can be appealed to the assessment centre or to a court.

topic-subsidies-apply = How to apply
answer-subsidies-apply =
    The application and declaration go to the Pension Fund: a service centre, its web portal or a centre of administrative services.

topic-services-homecare = Care at home
answer-services-homecare =
    The request for care at home is filed with the community of residence; a relative or neighbour may do it.
    The community assesses the needs and makes a contract.
    Those who care for relatives themselves may get a compensation.

topic-guardianship-adopt = How to adopt
answer-guardianship-adopt =
    The first step is a talk with the service for children or an application in Diia.
    Candidates take a course and are then registered.
    A court decides on the adoption.
