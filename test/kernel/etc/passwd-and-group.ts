import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  groupId,
  groupName,
  knownGroups,
  knownUsers,
  passwdUser,
  userId,
} from '../../../src/kernel/etc/passwd-and-group.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { temporary } from '../../helpers/run.ts'

const passwd = `root:x:0:0:root:/root:/bin/bash
# a remark
broken:x
odd:x:-1:0::/:/bin/false
dpdk:x:64055:108::/var/lib/dpdk:/usr/sbin/nologin
7up:x:77:77::/:/bin/false
dpdk:x:1:1::/:/bin/false
größe:x:5:5::/:/bin/false
+::::::
`
const group = 'root:x:0:\nhuge:x:108:dpdk,qemu\n'

const treeWith = (files: Readonly<Record<string, string>>) => {
  const directory = temporary(t)
  mkdirSync(join(directory, 'etc'))
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(directory, 'etc', name), text)
  return directoryTree(directory)
}

const tree = treeWith({ passwd, group })

t.test('by name, the first line of that name', async (t) => {
  t.equal(userId(tree, 'root'), 0)
  t.equal(userId(tree, 'dpdk'), 64055)
  t.equal(userId(tree, '7up'), 77)
  t.equal(groupId(tree, 'huge'), 108)
  t.equal(userId(tree, 'größe'), 5, 'names are UTF-8')
})

t.test('by number, whether or not there is such a one', async (t) => {
  t.equal(userId(tree, '0'), 0)
  t.equal(userId(tree, '12345'), 12345)
  t.equal(groupId(tree, '4294967294'), 4294967294)
})

t.test('a number that stands for none, or is too large', async (t) => {
  for (const word of ['4294967295', '4294967296', '9999999999'])
    t.throws(() => userId(tree, word), {
      code: 'E_USAGE',
      message: `'${word}' is not the number of a user`,
    })
})

t.test('the kernel would read 010 and 0x10 its own way: they may be names here', async (t) => {
  for (const word of ['010', '0x10', '-1', '+1', '1e3', '12345678901'])
    t.throws(() => userId(tree, word), {
      code: 'E_USAGE',
      message: `'${word}' is not the number of a user`,
      hint: 'digits alone, without leading zeros',
    })
})

t.test('names that are not there', async (t) => {
  for (const word of ['+', '', ' 0', 'broken', 'odd'])
    t.throws(() => userId(tree, word), {
      code: 'E_USAGE',
      message: `there is no user '${word}' in /etc/passwd`,
      hint: 'a user can be given by number too',
    })
  t.throws(() => groupId(tree, 'dpdk'), { message: "there is no group 'dpdk' in /etc/group" })
})

t.test('where the files are missing, numbers do', async (t) => {
  const bare = treeWith({})
  t.equal(userId(bare, '5'), 5)
  t.throws(() => userId(bare, 'root'), { code: 'E_USAGE' })
})

t.test('what a user starts with', async (t) => {
  t.strictSame(passwdUser(tree, 'dpdk'), { id: 64055, name: 'dpdk', group: 108 })
  t.strictSame(passwdUser(tree, '77'), { id: 77, name: '7up', group: 77 }, 'by number')
  t.strictSame(passwdUser(tree, 'größe'), { id: 5, name: 'größe', group: 5 })
  t.strictSame(passwdUser(tree, '12345'), { id: 12345 }, 'without a line')
  t.throws(() => passwdUser(tree, 'nobody'), { code: 'E_USAGE' })
  const several = treeWith({ passwd: 'one:x:7:1\ntwo:x:7:2\nthree:x:8:no\n' })
  t.strictSame(passwdUser(several, 'two'), { id: 7, name: 'two', group: 2 }, 'one number twice')
  t.strictSame(passwdUser(several, '7'), { id: 7, name: 'one', group: 1 })
  t.strictSame(passwdUser(several, '8'), { id: 8, name: 'three' })
})

t.test('the names that are there', async (t) => {
  t.strictSame(knownUsers(tree), ['root', 'dpdk', '7up', 'dpdk', 'größe'])
  t.strictSame(knownGroups(tree), ['root', 'huge'])
  t.strictSame(knownUsers(treeWith({})), [])
})

t.test('the name of a group by its number, if it would be found by it', async (t) => {
  const text =
    'root:x:0:\n7up:x:7:\n:x:8:\nhuge:x:108:\nsame:x:108:\nhuge:x:9:\ngröße:x:5:\nbroken\n'
  const named = treeWith({ group: text })
  for (const [id, name] of [
    [0n, 'root'],
    [7n, '7up'],
    [8n, undefined],
    [108n, 'huge'],
    [9n, undefined],
    [5n, 'größe'],
    [1n, undefined],
  ] as const)
    t.equal(groupName(named, id), name, `${id}`)
  t.strictSame(knownGroups(named), ['root', '7up', 'huge', 'same', 'huge', 'größe'])
  t.strictSame(knownGroups(treeWith({})), [])
})
