# Own texts of: Online chat "Diia.Business". The rest comes from the shared ones (_templates/texts/en.ftl).

## Greeting
welcome =
    Welcome to the Diia.Business chat!
    We help you to start, grow or close a business. What is your question?

## Topics: button and answer
topic-register = Register as an entrepreneur
answer-register =
    A sole proprietor can register online on the Diia portal free of charge; an electronic signature is needed.
    Choose the kinds of activity and the tax system beforehand.
    A trade name, cash register or licence is not needed by all, it depends on the activity.

topic-close = Close the business
answer-close =
    A sole proprietor can terminate the activity online on the Diia portal.
    After that the final reports have to be filed and taxes and contributions paid for the time worked.
    Obligations do not vanish with closing, so check your balance in the taxpayer's electronic office.

topic-taxes = Taxes and reports
answer-taxes =
    Small business has a simplified system with several groups of single tax; income limits and rates are set by the Tax Code.
    A group is chosen or changed by an application in the set term.
    Individual tax advice is given by the State Tax Service.

topic-grants = Grants
answer-grants =
    State grants for starting or growing a business are offered among others by the eRobota programme; each line has its own terms.
    The application with a business plan is filed on the Diia portal and decided by evaluation.
    A grant is money for a purpose: a report and, as a rule, new jobs are required.

topic-loans = Affordable loans
answer-loans =
    The programme "Affordable loans 5-7-9%" gives entrepreneurs preferential loans through partner banks.
    Rate and terms depend on the purpose, the size of the business and the region.
    Apply directly at a bank, which decides.

topic-export = Going into export
answer-export =
    Begin with the market, the code of the goods and the demands of the country: certificates, labels, duty.
    A preferential rate often needs a proof of origin.
    Advisers of Diia.Business help to check whether you are ready for export.

topic-permits = Permits and licences
answer-permits =
    Whether you need a licence depends on the activity; some permits are issued automatically through eDozvil.
    For some a declaration of activity is enough.
    Write what you do and a consultant will help.

topic-consulting = Expert advice
answer-consulting =
    The Diia.Business network gives free advice online or at a support centre for entrepreneurs.
    Topics: taxes, marketing, finance, staff, law.
    Choose a convenient time when you book; a consultant of the chat tells how.

## Subtopics: button and answer
topic-register-online = Register online
answer-register-online =
    On the Diia portal the application takes a few minutes: an electronic signature and the taxpayer number are needed.
    Registration is free.
    The simplified tax system can be chosen in the same application.

topic-register-activity = Kinds of activity
answer-register-activity =
    Choose a main code and some more: they can be changed online for free.
    Some are not allowed for certain single tax groups.
    Trade may need a cash register.

topic-close-debts = Reports and debts afterwards
answer-close-debts =
    After closing file the final reports in time and pay the contribution for the last period.
    Debts do not vanish: the person answers with their property.
    Check the accounts in the electronic taxpayer cabinet.

topic-taxes-group = Single tax groups
answer-taxes-group =
    The groups differ in the income limit, the number of employees and who may buy the services.
    You change by application from the start of a quarter.
    The limits follow the minimum wage at the start of the year.

topic-taxes-report = When to report
answer-taxes-report =
    The third group reports each quarter, the first and second once a year.
    File in the electronic taxpayer cabinet: terms and receipts are shown there.
    Ask the tax service about fines and exemptions under martial law.

topic-grants-own = Micro-grant for an own business
answer-grants-own =
    The application with a business plan goes through the Diia portal; a bank and a commission of the employment service assess it.
    Money is for equipment, materials, rent; in return you create jobs or pay taxes to the amount.
    You may apply again after revising it.

topic-grants-veteran = Grants for veterans
answer-grants-veteran =
    Veterans and their families have a grant of their own for starting a business.
    A certificate is needed, and a course if the programme demands it.
    The Diia.Business centres advise free of charge.

topic-loans-terms = Terms of a loan
answer-loans-terms =
    The rate depends on the purpose and size of the business: lower for investment and regions near the front.
    Apply at a participating bank; it checks accounts and security.
    If security is short there are state guarantees.

topic-export-papers = Export papers
answer-export-papers =
    Usual papers are a contract, an invoice, a packing list, a customs declaration and a certificate of origin for preferences.
    Customs issues EUR.1 certificates.
    Check the country's requirements on the export portal.

answer-permits-check-new =
    Whether you need permits depends on what exactly you do.
    Write in one sentence what it is and where: a consultant makes the list.
    Many activities need none.

topic-permits-check = Is a licence needed
answer-permits-check =
    Write the activity: selling alcohol or fuel needs a licence, a coffee shop needs registration as a food facility.
    Check it in eDozvil and the catalogue of services.
