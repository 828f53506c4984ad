"""A page that runs a scenario in the browser, offline: the compiled day as WebAssembly, with what the reader may move."""
