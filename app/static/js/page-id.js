// The random id of this page, which holds its claims. It outlives a reload, but a duplicated tab, which starts with a
// copy of the first one's memory, must not take it over: a lock says whether another page lives under it.

const KEY = "fasit.page"

export async function pageId() {
  const kept = sessionStorage.getItem(KEY)
  if (kept !== null && (await isMine(kept))) {
    return kept
  }
  const fresh = crypto.randomUUID()
  sessionStorage.setItem(KEY, fresh)
  await isMine(fresh)
  return fresh
}

// A page that is just being reloaded may still hold the lock for a moment.
async function isMine(id) {
  for (let tries = 0; tries < 5; tries += 1) {
    if (await takeLock(id)) {
      return true
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 60)
    })
  }
  return false
}

function takeLock(id) {
  return new Promise((resolve) => {
    navigator.locks.request(`fasit.page.${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise(() => {}) // held as long as the page lives
    })
  })
}
