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
