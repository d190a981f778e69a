import { closeSync, fstatSync, readdirSync, statfsSync } from 'node:fs'
import { mapperWith } from '../../src/kernel/mapping/mapper.ts'
import { liveOn } from './support/live.ts'
import { mountOn } from './support/mounted.ts'
import { native } from './support/program.ts'
import { temporaryDirectory } from './support/trace.ts'

const live = liveOn('pools that can be set')

/** As hugetlbfs before 5.10, a file system of message queues has files and no O_TMPFILE. */
live('a file without a name where there is no O_TMPFILE', async (t) => {
  const directory = await mountOn(temporaryDirectory(), 'rw', 'mqueue')
  t.not(statfsSync(directory).type, statfsSync('/').type)
  const names = readdirSync(directory)
  const descriptor = mapperWith(native(), []).unnamedFile(directory)
  try {
    const { nlink, mode } = fstatSync(descriptor)
    t.strictSame({ nlink, mode: mode & 0o7777 }, { nlink: 0, mode: 0o600 })
    t.strictSame(readdirSync(directory), names, 'nothing of it is left')
  } finally {
    closeSync(descriptor)
  }
})
