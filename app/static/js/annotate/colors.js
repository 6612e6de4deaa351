// Colours of choices: the schema's own, else one of the palette by the choice's place. The same palette stands in
// app/labels/pictures.py: people with any colour vision tell it apart, and it has at least 3:1 on a white and a dark ground.

export const PALETTE = [
  "#c2570c",
  "#0a7ec2",
  "#0d8a6a",
  "#b0529c",
  "#8a7300",
  "#5b6fd6",
  "#d03a4a",
  "#4f8a10",
  "#8b62c9",
  "#a8662b",
  "#2a8a92",
  "#7a7f87",
]

export function colorOf(field, value) {
  const choices = field.choices ?? []
  const at = choices.findIndex((choice) => choice.value === value)
  return choices[at]?.color ?? PALETTE[Math.max(at, 0) % PALETTE.length]
}
