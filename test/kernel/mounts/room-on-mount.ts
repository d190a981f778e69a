import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inodesLeft, roomOnMount } from '../../../src/kernel/mounts/room-on-mount.ts'
import { temporary } from '../../helpers/run.ts'
import { standIn } from '../../helpers/standing-in.ts'

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

/** What statfs(2) says of a hugetlbfs with pages of 2M. */
const hugetlbfs = (blocks: bigint, bfree: bigint, files: bigint, ffree: bigint) => ({
  statfsSync: () => ({ type: 0x958458f6n, bsize: 2097152n, blocks, bfree, files, ffree }),
})

t.test('the room that the kernel tells', async (t) => {
  standIn(t, hugetlbfs(8n, 3n, 5n, 4n))
  t.strictSame(roomOnMount('/mnt/huge'), { free: 6291456n, inodes: 4n })
  t.equal(inodesLeft('/mnt/huge', 5n), 4n)
})

t.test('a limit that a mount has not is absent', async (t) => {
  standIn(t, hugetlbfs(8n, 8n, -1n, -1n))
  t.strictSame(roomOnMount('/mnt/huge'), { free: 16777216n })
  standIn(t, hugetlbfs(0n, 0n, 0n, 0n))
  t.strictSame(roomOnMount('/mnt/huge'), {})
})
