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
