// Draws planned marks with the labeling page's own tools and modules, run in the page by page_trip.py. Gives {ids, answers}:
// the id of each planned mark, and all answers as the page then holds them.

async ({ root, plan }) => {
  const load = (path) => import(`${root}/js/${path}`)
  const { TrackEditing } = await load("elements/media/track-editing.js")
  const { FrameTable } = await load("annotate/frames.js")
  const rle = await load("annotate/rle.js")
  const masks = await load("annotate/shapes/masks.js")

  const { work } = document.querySelector("fasit-work")
  const { desk } = document.querySelector("fasit-image")
  const text = document.querySelector("fasit-text").desk
  const [sound, film] = [document.querySelector("fasit-audio"), document.querySelector("fasit-video")]
  const table = new FrameTable(await (await fetch(film.part.urls.frames)).json())
  const moment = { frame: 0, time: 0 }
  const tracks = new TrackEditing({ work, part: film.part.name, now: () => moment })
  const plain = { ctrl: false, shift: false, alt: false, detail: 1, type: "mouse" }
  const point = ([x, y]) => ({ x, y })

  const take = (act, mark) => {
    work.select(null)
    desk.takeUp(act)
    work.chooseFor(mark.field, mark.choice)
    return desk.tools.get(act)
  }

  const byKeys = (act, mark, { finishes = false } = {}) => {
    const tool = take(act, mark)
    for (const place of mark.points.map(point)) {
      tool.aim(place)
      tool.enter(place)
    }
    if (finishes) tool.finish()
  }

  const byPointer = (act, mark, places = mark.points) => {
    const tool = desk.tools.get(act)
    const [first, ...way] = places.map(point)
    const gesture = tool.begin(first, plain)
    gesture.start?.(first)
    for (const place of way) gesture.move(place, { ...plain, trail: [place] })
    gesture.end(way.at(-1), { ...plain, trail: [] })
  }

  const stored = async () => {
    while (desk.masks.isBusy) await new Promise((resolve) => desk.masks.addEventListener("paint", resolve, { once: true }))
  }

  const stroke = async (act, { points, size }) => {
    while (desk.masks.size !== size) desk.masks.resize(desk.masks.size < size ? 1 : -1)
    byPointer(act, null, points)
    await stored()
  }

  const draws = {
    box(mark) {
      if (mark.dragged) {
        take("box", mark)
        byPointer("box", mark)
      } else byKeys("box", mark)
      if (mark.then) desk.change(desk.selected, mark.then)
    },
    turned: (mark) => byKeys("rotated-box", mark),
    ellipse: (mark) => byKeys("ellipse", mark),
    polygon: (mark) => byKeys("polygon", mark, { finishes: true }),
    polyline: (mark) => byKeys("polyline", mark, { finishes: true }),
    keypoints(mark) {
      const tool = take("keypoints", mark)
      for (const [x, y, visibility] of mark.points) {
        if (visibility === 0) tool.skip()
        if (visibility === 1) tool.occlude()
        if (visibility > 0) tool.enter({ x, y })
      }
    },
    async mask(mark) {
      take("brush", mark)
      desk.masks.startAnew()
      await stroke("brush", mark)
      if (!mark.erased) return
      desk.takeUp("eraser")
      await stroke("eraser", mark.erased)
    },
    noise(mark) {
      take("brush", mark)
      const { data, ...place } = mark.bitmap
      desk.add(masks.made(rle.fromBitmap({ ...place, data: Uint8Array.from(data) }, desk.size)))
    },
    span(mark) {
      work.select(null)
      work.chooseFor(mark.field, mark.choice)
      text.add(mark.from, mark.to)
    },
    relation(mark, ids) {
      work.select(null)
      work.chooseFor(mark.field, mark.choice)
      work.addMark(mark.field, { from: ids[mark.from], to: ids[mark.to] }, { select: true })
    },
    segment(mark) {
      work.select(null)
      work.chooseFor(mark.field, mark.choice)
      const { segments } = mark.field === "words" ? sound : film
      segments.add(mark.from, mark.to)
    },
    track(mark) {
      work.select(null)
      work.chooseFor(mark.field, mark.choice)
      mark.steps.forEach(({ frame, box, toggles }, at) => {
        Object.assign(moment, { frame, time: table.seconds(frame) })
        if (at === 0) tracks.add(box)
        else tracks.put(box)
        for (const state of toggles) tracks.toggle(state)
      })
    },
  }

  const ids = []
  for (const mark of plan) {
    await draws[mark.draw](mark, ids)
    const { selection } = work
    ids.push(selection?.field === mark.field && !ids.includes(selection.id) ? selection.id : null)
  }
  return { ids, answers: work.sendable().answers }
}
