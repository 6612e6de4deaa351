// How a named point can be seen: not labelled, occluded, seen. As COCO numbers it.

export const [UNLABELLED, OCCLUDED, SEEN] = [0, 1, 2]
