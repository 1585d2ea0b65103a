# Own texts of: Ministry of Education and Science of Ukraine. The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the chat of the Ministry of Education and Science of Ukraine!
    Ask about admission, school, kindergarten, diplomas. Choose a topic or write in your own words.

## Topics: button and answer
topic-admission = Admission and the national test
answer-admission =
    The rules of admission are set each year by the Admission Procedure: the terms, the subjects of the national multi-subject test and the weights.
    Applications are filed through the applicant's electronic office.
    The conditions of each institution are in its own Admission Rules.

topic-recognition = Recognition of foreign diplomas
answer-recognition =
    Foreign educational documents are recognised for further study or for work.
    For study the institution itself may decide, for work apply to the authorised centre (ENIC Ukraine).
    You need the document with its supplement, a translation and, where the country requires it, an apostille or legalisation.

topic-documents = Educational documents
answer-documents =
    A duplicate of a certificate or diploma is issued by the institution that you finished, or its successor.
    Whether a document is genuine can be checked in the register of educational documents.
    An apostille on Ukrainian educational documents is set on application, also through a notary or by post.

topic-school = School enrolment
answer-school =
    A child is enrolled at school on an application of a parent; any school may be chosen if there are places, children of its area come first.
    If the family moved because of the war, the school takes the child even without part of the papers.
    One may learn in class, at a distance or at home.

topic-kindergarten = Kindergarten
answer-kindergarten =
    The waiting list for a kindergarten is in the electronic registration of your community or at the institution.
    Some children are entitled to be taken first.
    If places are lacking, turn to the education department of the community.

topic-scholarships = Scholarships and dormitories
answer-scholarships =
    An academic scholarship is granted by ranking, a social one to students of the categories set by law.
    The social scholarship is arranged through the institution and the social protection body.
    Places in dormitories are allotted by the institution itself.

topic-teachers = For teachers
answer-teachers =
    Attestation, further training and workload of teachers are ruled by the orders of the ministry.
    With a complaint about pay first turn to the head of the institution or the education department.
    If there is no answer, describe the matter to a consultant.

## Subtopics: button and answer
topic-admission-cabinet = The application
answer-admission-cabinet =
    Applications are filed online in the electronic cabinet; for budget places the order of priorities matters.
    Register the cabinet beforehand, add the certificate and the test results.
    The terms of each stage are in this year's Order of admission.

topic-admission-test = The national test
answer-admission-test =
    For the national multi-subject test you register on the site of the Ukrainian Centre for Educational Quality Assessment in the set period.
    Results are in the personal cabinet.
    An appeal is filed there in time.

topic-admission-territories = From occupied territories
answer-admission-territories =
    Applicants from occupied territories have special terms: educational centres at institutions help.
    Part of the papers may follow later.

topic-recognition-work = For work
answer-recognition-work =
    For professional work the ENIC Ukraine centre recognises the diploma.
    File an application, the diploma with its supplement and a translation; for some countries an apostille.
    Regulated professions may need a permit of their field besides.

topic-recognition-study = For study
answer-recognition-study =
    For further study the institution itself recognises the diploma at admission.
    File the document, supplement and translation with its commission.

topic-documents-lost = Restore a lost document
answer-documents-lost =
    You ask the institution that issued it, or its successor, for a duplicate.
    If it was moved or is under occupation, write to its new address or to the educational authority.
    The data are in the state electronic base on education.

topic-documents-apostille = Apostille
answer-documents-apostille =
    An apostille is put on Ukrainian educational papers after their authenticity is checked.
    Apply in person, through a representative or by post.
    Whether one is needed depends on the country.

topic-school-transfer = Move to another school
answer-school-transfer =
    Apply to the chosen school and tell the former one; schools pass the file on to each other.
    Displaced children are taken even without some papers.
    From abroad children can study the Ukrainian component remotely.

topic-school-first = To the first grade
answer-school-first =
    Parents apply with the birth certificate and a medical certificate.
    Children of the service area and those with siblings at the school come first.

topic-kindergarten-queue = The queue
answer-kindergarten-queue =
    A child is put into the electronic queue of the community, or you apply at the kindergarten.
    The place is shown in the system.
    A privilege is proven by a document.

topic-scholarships-social = Social scholarship
answer-scholarships-social =
    A social scholarship is granted to categories set by law whatever the rating.
    File the application with papers at the institution and the social protection body at the start of the term.

answer-teachers-pay-again =
    If the founder has not answered, describe the matter to a consultant: the school, the community, the month that was not paid.
    The appeal is registered and passed on.

topic-teachers-pay = Pay
answer-teachers-pay =
    Salaries follow the wage scale, supplements follow decrees of the government.
    About a delay first write to the founder of the school.
    The State Labour Service checks breaches of terms.
