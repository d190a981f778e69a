import t from 'tap'
import { readLargePrograms } from '../../../src/kernel/processes/large-programs.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

const process = (
  pid: number,
  statm: string,
  comm: string,
  more: Readonly<Record<string, string>> = {},
) =>
  Object.fromEntries(
    Object.entries({ statm: `${statm} 1 1 0 1 0\n`, comm: `${comm}\n`, ...more }).map(
      ([name, text]) => [`/proc/${pid}/${name}`, text],
    ),
  )

t.test('large programs, the largest process, and the kubelet', async (t) => {
  const maps = '4000-9000 rw-p 00000000 00:00 0 \n'
  const { tree } = writerStage(t, {
    ...process(3, '16384 9000', 'zoo'),
    ...process(4, '16384 200', 'java', { cmdline: 'java\0-version\0', maps }),
    ...process(5, '16383 9999', 'java', { maps }),
    ...process(6, '20000 100', 'mysqld', { cmdline: '' }),
    ...process(7, '20000 100', 'kubelet'),
    ...process(8, '20000 100', 'postgres', { cmdline: 'postgres: writer\0', maps }),
    '/proc/9/comm': 'java\n',
  })
  const mysqld = { pid: 6, command: 'mysqld', words: [] }
  t.strictSame(readLargePrograms(tree, 4096n), {
    programs: [
      {
        pid: 4,
        command: 'java',
        words: ['java', '-version'],
        areas: { huge: 0n, largestPrivate: 0x5000n, largestShared: 0n },
      },
      mysqld,
    ],
    largest: { pid: 3, command: 'zoo', resident: 9000n * 4096n },
    kubelet: 7,
    closed: [mysqld],
  })
})

t.test('a PostgreSQL with its settings and without its children, by both its names', async (t) => {
  const maps = '4000-9000 rw-s 00000000 00:01 5 /dev/zero (deleted)\n'
  for (const command of ['postgres', 'postmaster']) {
    const { tree } = writerStage(t, {
      ...process(4, '16384 200', command, { cmdline: `/usr/bin/${command}\0-D\0/srv/db\0`, maps }),
      ...process(5, '16384 100', command, { cmdline: 'postgres: checkpointer \0\0', maps }),
      '/srv/db/postgresql.conf': 'huge_pages = try',
    })
    t.strictSame(readLargePrograms(tree, 4096n).programs, [
      {
        pid: 4,
        command,
        words: [`/usr/bin/${command}`, '-D', '/srv/db'],
        areas: { huge: 0n, largestPrivate: 0n, largestShared: 0x5000n },
        settings: 'huge_pages = try',
      },
    ])
  }
})

t.test('what is known to be small is not read, and what is not known is', async (t) => {
  const { tree } = writerStage(t, {
    ...process(3, '999999 9000', 'zoo'),
    ...process(4, '999999 8000', 'ape'),
    ...process(5, '999999 7000', 'yak'),
  })
  const largestOf = (...spaces: readonly (readonly [string, number])[]) =>
    readLargePrograms(tree, 4096n, new Map(spaces)).largest?.pid
  t.strictSame(
    [
      largestOf(),
      largestOf(['3', 65536]),
      largestOf(['3', 65535]),
      largestOf(['3', 0], ['4', 65535]),
      largestOf(['3', 0], ['4', 0], ['5', 0]),
    ],
    [3, 3, 4, 5, undefined],
  )
})

t.test('no process', async (t) => {
  t.strictSame(readLargePrograms(writerStage(t, {}).tree, 4096n), { programs: [], closed: [] })
})
