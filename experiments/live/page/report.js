/* The page within a report: nothing of it is read before the reader opens it. */

document.getElementById("try-open").addEventListener("toggle", () => {
  const host = document.getElementById("try-page");
  if (host.shadowRoot) return;
  host.attachShadow({ mode: "open" }).append(document.getElementById("try-content").content);
  openPage(host.shadowRoot);
});
