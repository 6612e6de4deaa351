/** The region `work` of an answer, its elements awake but not on the page yet. */
export function regionIn(html) {
  const region = document.adoptNode(Document.parseHTMLUnsafe(html).getElementById("work"))
  customElements.upgrade(region)
  return region
}
