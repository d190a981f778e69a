import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inodesLeft, roomOnMount } from '../../../src/kernel/mounts/room-on-mount.ts'
import { temporary } from '../../helpers/run.ts'

t.test('what is no hugetlbfs has no room, and what is not there neither', async (t) => {
  t.equal(roomOnMount(temporary(t)), undefined)
  t.equal(roomOnMount('/nowhere'), undefined)
})

t.test('files and directories are counted where the kernel does not', async (t) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'a'))
  writeFileSync(join(directory, 'a/b'), '')
  t.equal(inodesLeft(directory, 5n), 2n, 'the root directory counts too')
  t.equal(inodesLeft(directory, 3n), 0n)
  t.equal(inodesLeft(directory, 1n), 0n)
  t.equal(inodesLeft('/nowhere', 5n), undefined)
})
