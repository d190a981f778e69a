import { type Command, type CommandSequence, eight, whole } from './command-sequences.ts'
import type { Cells } from './counters-table.ts'

const three: Cells = [8, 8, 3, 0]
const least: Command = { line: 'mount /mnt/huge --min-size 6M', becomes: three }
const gone: Command = { line: 'umount /mnt/huge', becomes: whole }

const minimum: readonly CommandSequence[] = [
  {
    name: 'a min_size is reserved, and used before the pool is',
    mounts: true,
    commands: [
      eight,
      least,
      {
        line: 'test 2M=2 --mount /mnt/huge',
        steps: [
          ['start', 8, 8, 3, 0],
          ['create', 8, 8, 3, 0],
          ['map', 8, 8, 3, 0],
          ['touch', 8, 6, 1, 0],
          ['unmap', 8, 6, 1, 0],
          ['delete', 8, 8, 3, 0],
        ],
        becomes: three,
      },
      gone,
    ],
    end: whole,
  },
  {
    name: 'what a min_size has too little is reserved of the pool',
    mounts: true,
    commands: [
      eight,
      least,
      {
        line: 'test 2M=5 --mount /mnt/huge --touch 0',
        steps: [
          ['start', 8, 8, 3, 0],
          ['create', 8, 8, 3, 0],
          ['map', 8, 8, 5, 0],
          ['unmap', 8, 8, 5, 0],
          ['delete', 8, 8, 3, 0],
        ],
        becomes: three,
      },
      gone,
    ],
    end: whole,
  },
  {
    name: 'what a min_size has reserved becomes surplus when the pool is shrunk',
    mounts: true,
    commands: [
      eight,
      least,
      { line: 'resize 2M=1', status: 64, becomes: [3, 3, 3, 2] },
      { line: 'umount /mnt/huge', becomes: [1, 1, 0, 0] },
    ],
    end: [1, 1, 0, 0],
  },
  {
    name: 'a min_size that the pool cannot give mounts nothing',
    mounts: true,
    commands: [eight, { line: 'mount /mnt/huge --min-size 40M', status: 1, becomes: whole }],
    end: whole,
  },
]

const limit: readonly CommandSequence[] = [
  {
    name: 'a size in percent is that of the pool when it was mounted',
    mounts: true,
    commands: [
      eight,
      { line: 'mount /mnt/huge --size 50%', becomes: whole },
      { line: 'test 2M=5 --mount /mnt/huge', status: 1, becomes: whole },
      {
        line: 'test 2M=4 --mount /mnt/huge',
        steps: [
          ['start', 8, 8, 0, 0],
          ['create', 8, 8, 0, 0],
          ['map', 8, 8, 4, 0],
          ['touch', 8, 4, 0, 0],
          ['unmap', 8, 4, 0, 0],
          ['delete', 8, 8, 0, 0],
        ],
        becomes: whole,
      },
      { line: 'resize 2M=16', becomes: [16, 16, 0, 0] },
      { line: 'test 2M=5 --mount /mnt/huge', status: 1, becomes: [16, 16, 0, 0] },
      { line: 'umount /mnt/huge', becomes: [16, 16, 0, 0] },
    ],
    end: [16, 16, 0, 0],
  },
]

/** Mounts with limits: only for real kernels, as the fake one counts no mount. */
export const mountSequences: readonly CommandSequence[] = [...minimum, ...limit]
