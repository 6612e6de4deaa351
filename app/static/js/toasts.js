// Short messages in a corner. Faults stay until they are closed; the rest leave after a while, but not under the pointer.

const SHOWN_FOR_MS = 6000

/** kind: "info", "success", "warning" or "danger". */
export function toast(sentence, kind = "info") {
  const area = document.getElementById("toasts")
  const element = document.getElementById("toast-template").content.firstElementChild.cloneNode(true)
  element.dataset.kind = kind
  element.setAttribute("role", kind === "danger" ? "alert" : "status")
  element.querySelector("p").textContent = sentence
  const leave = () => {
    element.remove()
    if (area.childElementCount === 0) {
      area.hidePopover?.()
    }
  }
  element.querySelector("button").addEventListener("click", leave)
  area.append(element)
  raise(area)
  if (kind !== "danger") {
    leaveLater(element, leave)
  }
  return leave
}

/** Says a sentence to a screen reader without showing it. */
export function announce(sentence) {
  const announcer = document.getElementById("announcer")
  announcer.textContent = ""
  requestAnimationFrame(() => {
    announcer.textContent = sentence
  })
}

// Shown again, the area lies above any dialog that was opened since.
function raise(area) {
  if (area.matches(":popover-open")) {
    area.hidePopover()
  }
  area.showPopover()
}

function leaveLater(element, leave) {
  let timer = setTimeout(leave, SHOWN_FOR_MS)
  element.addEventListener("pointerenter", () => clearTimeout(timer))
  element.addEventListener("pointerleave", () => {
    timer = setTimeout(leave, SHOWN_FOR_MS)
  })
}
