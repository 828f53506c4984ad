"""Reports as HTML, PDF, Word and workbook."""
