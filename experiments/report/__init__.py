"""One document of a result that is forwarded: its content once, then HTML, PDF, Word and a workbook."""
