"""Starting a communication from a letter that exists: a PDF or Word file and a data file become a first draft.

    docx.read | pdf.read  →  pieces (headings, paragraphs, lists, tables, images) and what could not be carried over
    data.read             →  samples, and the contract that they keep to
    matching              →  values found in the text become placeholders in a fitting format
    draft.make            →  the communication, its contract, its images and the report

Nothing of a file is ever run or fetched; sizes are bounded before anything is unpacked.
"""
