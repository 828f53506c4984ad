"""A page that runs a scenario in the browser, offline: the compiled day as WebAssembly, and what one may move."""
