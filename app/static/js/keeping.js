// What the labeling page keeps in this browser until the server has it: drafts by person and task, and unanswered submits.

const NAME = "fasit-work"
const STORES = { drafts: "key", outbox: "key" }
const OLD_MS = 30 * 24 * 60 * 60 * 1000

export async function openKeeping() {
  const database = await open()
  return { drafts: store(database, "drafts"), outbox: store(database, "outbox") }
}

/** Drops drafts that nobody came back for. `now` is wall-clock time in milliseconds. */
export async function dropOld(drafts, now) {
  for (const { key, kept_at: keptAt } of await drafts.all()) {
    if (now - keptAt > OLD_MS) {
      await drafts.remove(key)
    }
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        request.result.createObjectStore(name, { keyPath })
      }
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function store(database, name) {
  const run = (mode, act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode)
      const request = act(transaction.objectStore(name))
      // Asked for at once, so that a page that is closed the next moment has still written it.
      transaction.commit()
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  return {
    get: (key) => run("readonly", (objects) => objects.get(key)),
    all: () => run("readonly", (objects) => objects.getAll()),
    put: (value) => run("readwrite", (objects) => objects.put(value)),
    remove: (key) => run("readwrite", (objects) => objects.delete(key)),
  }
}
