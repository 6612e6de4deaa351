// The painting of masks: its modules are loaded with the first schema that asks for masks.

let modules = null

/** `kinds`: those of the schema's fields. To be awaited before a picture is opened. */
export async function loadMasks(kinds) {
  if (!kinds.has("masks") || modules) return
  const [studio, layer] = await Promise.all([import("./mask-studio.js"), import("./mask-layer.js")])
  modules = { ...studio, ...layer }
}

/** Where masks are painted; null where no schema asks for any. */
export const studioOf = (desk, signal) => modules && new modules.MaskStudio(desk, signal)

/** What shows that; `context` as MaskLayer takes it. */
export const layerOf = (part, context) => modules && new modules.MaskLayer(part, context)
