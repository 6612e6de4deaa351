// The tools of a picture, one file each. A tool turns what hands do (mouse, pen, finger, keys) into marks; it knows the
// desk, no DOM, and points in pixels of the original.
//
// A tool extends Tool (tool.js) and has
//   static act            the name of its button in templates/work/parts/_image.html (data-act), which bears its key
//   static kinds          the kinds of fields that its marks go to; the button is there only if the schema asks such a
//                         field on this part. [] for tools that make nothing
//   static isDefaultFor   a kind whose field, when it comes into focus, takes this tool; may be left out
//   beginsMarks           whether drawing another takes this tool again; an eraser's is false
// and, as far as it needs them,
//   keeps(item)           whether the selected item stays selected when the tool is taken up, to be worked on
//   begin(at, press)      the pointer went down (not on a handle): a gesture {move(at, press), end(at), cancel(), forget(),
//                         click(at)}, of which `click` comes instead of `end` where the pointer hardly moved, and `forget`
//                         drops this press alone (a second finger came: it is a pinch; left out where `cancel` does that);
//                         {pans: true} or null moves the picture instead; `start(at)` is called at once, `trails: true` asks
//                         for every place in between as press.trail. press: {ctrl, shift, alt, detail (2: double click), type}
//   hover(at, press)      the pointer moves, not pressed; leave() it went off the picture
//   aim(at)               the crosshair of the keyboard moved
//   enter(at)             Enter at the crosshair
//   finish()              Shift+Enter: make the mark of what is there
//   takeBack()            Backspace: the last point; false where there is none
//   key(event, at)        any other key; true where it was the tool's
//   cancel()              gives up what is being drawn; true where something was
//   draft                 what is being drawn, or null: {outline, dots: [{x, y, hollow}], brief, say, at, idle}, where
//                         `outline` is data of an SVG path, `say` a word shown beside `at`, and `idle` means that nothing
//                         is put down yet
//   steps                 which buttons of the line below can be pressed: {finish, takeBack, skip: bool, occlude: bool},
//                         where `occlude` is there for tools that can and tells whether it is on; skip() and occlude() do it
//   cursor                of the mouse, "crosshair" unless told otherwise
//
// After every change of its draft a tool calls `this.desk.drawing()`; it makes a mark by `this.desk.add(geometry)`.
// Places are brought into the picture, on whole pixels, and to a neighbour while snapping is on, by
// `this.desk.place(at, press)`.

// Tools are loaded with the first schema that asks for what they make. A new one: a module beside this one, one line here.

const MODULES = [
  { kinds: [], load: async () => (await import("./select.js")).SelectTool },
  { kinds: ["boxes"], load: async () => (await import("./box.js")).BoxTool },
  { kinds: ["boxes"], load: async () => (await import("./rotated-box.js")).RotatedBoxTool },
  { kinds: ["polygons"], load: async () => (await import("./polygon.js")).PolygonTool },
  { kinds: ["polylines"], load: async () => (await import("./polyline.js")).PolylineTool },
  { kinds: ["keypoints"], load: async () => (await import("./keypoints.js")).KeypointsTool },
  { kinds: ["polygons"], load: async () => (await import("./ellipse.js")).EllipseTool },
  { kinds: ["masks"], load: async () => (await import("./brush.js")).BrushTool },
  { kinds: ["masks"], load: async () => (await import("./brush.js")).EraserTool },
  { kinds: ["masks"], load: async () => (await import("./mask-area.js")).FillTool },
  { kinds: ["masks"], load: async () => (await import("./mask-area.js")).CutTool },
]

/** The tools that were loaded. */
export const TOOLS = new Set()

/** Loads the tools for these kinds of fields; to be awaited before a picture is opened. */
export async function loadTools(kinds) {
  const wanted = MODULES.filter((one) => one.kinds.length === 0 || one.kinds.some((kind) => kinds.has(kind)))
  for (const Kind of await Promise.all(wanted.map(({ load }) => load()))) TOOLS.add(Kind)
}
