import type { Cells, Sequence, Step } from './counters-table.ts'

/** Overcommit is written above no surplus and below it: it moves no page. */
const gigantically = (name: string, giganticOvercommit: boolean): Sequence => {
  const overcommit = (pages: number, becomes: Cells): Step => ({
    do: 'overcommit',
    pages,
    becomes,
    ...(!giganticOvercommit && { refused: 'EINVAL' }),
  })
  return {
    name,
    gigantic: true,
    giganticOvercommit,
    steps: [
      { do: 'persistent', pages: 1 },
      overcommit(1, [1, 1, 0, 0]),
      { do: 'map', name: 'a', pages: 1, becomes: [1, 1, 1, 0] },
      { do: 'persistent', pages: 0, becomes: [1, 1, 1, 1] },
      overcommit(2, [1, 1, 1, 1]),
      { do: 'unmap', name: 'a', becomes: [0, 0, 0, 0] },
    ],
  }
}

/** The rows beyond that script which resizing, overcommit and anonymous mappings can express. */
export const poolSequences: readonly Sequence[] = [
  {
    name: 'NORESERVE takes nothing before it is touched',
    steps: [
      { do: 'persistent', pages: 8, becomes: [8, 8, 0, 0] },
      { do: 'map', name: 'a', pages: 3, noreserve: true, becomes: [8, 8, 0, 0] },
      { do: 'touch', name: 'a', pages: 2, becomes: [8, 6, 0, 0] },
      { do: 'unmap', name: 'a', becomes: [8, 8, 0, 0] },
      { do: 'map', name: 'b', pages: 9, noreserve: true, becomes: [8, 8, 0, 0] },
      { do: 'unmap', name: 'b', becomes: [8, 8, 0, 0] },
    ],
  },
  {
    name: 'NORESERVE is killed at the page past overcommit',
    steps: [
      { do: 'overcommit', pages: 3 },
      { do: 'persistent', pages: 2, becomes: [2, 2, 0, 0] },
      { do: 'map', name: 'a', pages: 6, noreserve: true, becomes: [2, 2, 0, 0] },
      { do: 'touch', name: 'a', pages: 4, becomes: [4, 0, 0, 2] },
      { do: 'touch', name: 'a', pages: 2, refused: 'SIGBUS', becomes: [2, 2, 0, 0] },
    ],
  },
  {
    name: 'NORESERVE gets no page that is reserved for another',
    steps: [
      { do: 'persistent', pages: 2 },
      { do: 'map', name: 'a', pages: 2, becomes: [2, 2, 2, 0] },
      { do: 'map', name: 'b', pages: 1, noreserve: true, becomes: [2, 2, 2, 0] },
      { do: 'touch', name: 'b', pages: 1, refused: 'SIGBUS', becomes: [2, 2, 2, 0] },
      { do: 'unmap', name: 'a', becomes: [2, 2, 0, 0] },
    ],
  },
  {
    name: 'a populated mapping',
    steps: [
      { do: 'persistent', pages: 8 },
      { do: 'map', name: 'a', pages: 3, populate: true, becomes: [8, 5, 0, 0] },
      { do: 'unmap', name: 'a', becomes: [8, 8, 0, 0] },
    ],
  },
  {
    name: 'the pool is resized and overcommit lowered under a mapping',
    steps: [
      { do: 'overcommit', pages: 3 },
      { do: 'persistent', pages: 4, becomes: [4, 4, 0, 0] },
      { do: 'map', name: 'a', pages: 7, becomes: [7, 7, 7, 3] },
      { do: 'map', name: 'b', pages: 1, refused: 'ENOMEM', becomes: [7, 7, 7, 3] },
      { do: 'touch', name: 'a', pages: 7, becomes: [7, 0, 0, 3] },
      { do: 'overcommit', pages: 0, becomes: [7, 0, 0, 3] },
      { do: 'persistent', pages: 2, becomes: [7, 0, 0, 5] },
      { do: 'persistent', pages: 0, becomes: [7, 0, 0, 7] },
      { do: 'persistent', pages: 10, becomes: [10, 3, 0, 0] },
      { do: 'persistent', pages: 3, becomes: [7, 0, 0, 4] },
      { do: 'unmap', name: 'a', becomes: [3, 3, 0, 0] },
    ],
  },
  {
    name: 'gigantic pages become surplus when the pool is shrunk',
    gigantic: true,
    steps: [
      { do: 'persistent', pages: 2, becomes: [2, 2, 0, 0] },
      { do: 'map', name: 'a', pages: 2, becomes: [2, 2, 2, 0] },
      { do: 'touch', name: 'a', pages: 1, becomes: [2, 1, 1, 0] },
      { do: 'persistent', pages: 0, becomes: [2, 1, 1, 2] },
      { do: 'unmap', name: 'a', becomes: [0, 0, 0, 0] },
    ],
  },
  gigantically('overcommit of gigantic pages is refused', false),
  gigantically('overcommit of gigantic pages moves none of them', true),
]
