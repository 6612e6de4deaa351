// How much louder or softer a sound is played, so that all of them come to one loudness for the ear.

const TARGET_LUFS = -18
const MOST_DB = 20
const CEILING_DB = -1 // of the loudest sample, so that nothing is clipped

/** The gain as a factor: 1 where the loudness is not known. `peak`: the loudest sample in dB of full scale. */
export function gainFor(loudness, peak) {
  if (loudness === null || loudness === undefined) return 1
  const wanted = Math.min(Math.max(TARGET_LUFS - loudness, -MOST_DB), MOST_DB)
  const allowed = Math.max(CEILING_DB - (peak ?? 0), 0)
  return 10 ** (Math.min(wanted, allowed) / 20)
}
