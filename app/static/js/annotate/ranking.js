// An order being made: values from the first to the last, those without a place not in it. Plain values in, new ones out.

/**
 * A value pressed: it comes next in order, the last of all by itself; pressed again it leaves. Of two it comes first, and
 * stays there where an answer is required.
 */
export function pressed(order, value, all, { required = false } = {}) {
  const others = all.filter((one) => one !== value)
  if (others.length === 1) return order[0] === value && !required ? [] : [value, ...others]
  if (order.includes(value)) return order.filter((one) => one !== value)
  const next = [...order, value]
  const left = all.filter((one) => !next.includes(one))
  return left.length === 1 ? [...next, ...left] : next
}

/** Moved by so many places, as far as there are any; what has no place yet gets the next. */
export function moved(order, value, by) {
  const from = order.indexOf(value)
  if (from < 0) return [...order, value]
  const to = Math.min(Math.max(from + by, 0), order.length - 1)
  return order.toSpliced(from, 1).toSpliced(to, 0, value)
}

/** The order that comes of what was kept before: what is not there any more is left out. */
export const known = (order, all) => (order ?? []).filter((value) => all.includes(value))
