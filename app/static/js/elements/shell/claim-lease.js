// The lease of the task on the page, renewed as long as the page is open; the server is told whether anybody is there, and
// when the page closes.

import { Lease } from "../../annotate/lease.js"
import { later } from "../../later.js"

/** `date`: the answer's Date header, so that a computer whose clock is wrong still renews in time. */
export function leaseOf(task, desk, { expiresAt = task.claim.expires_at, date }) {
  const { claim } = task
  if (!claim.token) {
    return null
  }
  const served = Date.parse(date)
  const ahead = Number.isNaN(served) ? 0 : Date.now() - served
  const url = `/api/v1/claims/${claim.id}/lease`
  const lease = new Lease({
    later,
    left: (expires) => Date.parse(expires) + ahead - Date.now(),
    renew: () => desk.send("PUT", url, claim, { active: task.timing.takeActivity() }),
    close: (expires) => desk.send("PUT", url, claim, { closing: expires }, { keepalive: true }),
    refused: (response) => desk.refused(response, task),
  })
  lease.start(expiresAt)
  return lease
}
