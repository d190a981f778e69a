import t from 'tap'
import {
  isOwnStartText,
  mergeIntoStartFile,
  startFileKind,
} from '../../../../src/model/config/tune/own-start-file.ts'
import { parseSettingKey } from '../../../../src/model/config/tune/tune-request.ts'
import { asOctets } from '../../../../src/model/etc/octets.ts'

const key = parseSettingKey
const head = `# 'hugepool tune --persist' writes this file, and keeps nothing but its settings.
# What else this machine should have belongs into a file of another name.
`
const group = { setting: key('shm-group'), value: 70n }
const never = { setting: key('thp'), value: 'never' }

t.test('each kind keeps its own', async (t) => {
  t.equal(startFileKind(group.setting), 'sysctl')
  t.equal(startFileKind(never.setting), 'tmpfiles')
  t.equal(startFileKind(key('thp.64K')), 'tmpfiles')
  t.equal(
    mergeIntoStartFile('sysctl', undefined, [
      never,
      group,
      { setting: key('min-free'), value: 2n ** 26n },
    ]),
    `${head}vm.hugetlb_shm_group = 70\nvm.min_free_kbytes = 65536\n`,
  )
  t.equal(
    mergeIntoStartFile('tmpfiles', asOctets(''), [group, never]),
    `${head}w /sys/kernel/mm/transparent_hugepage/enabled - - - - never\n`,
  )
  t.equal(mergeIntoStartFile('tmpfiles', undefined, [group]), undefined)
})

t.test('what is there stays, in its place', async (t) => {
  const before = asOctets(`${head}vm.hugetlb_shm_group = 5\nvm.x/y = 1\n`)
  t.equal(
    mergeIntoStartFile('sysctl', before, [{ setting: key('shmmni'), value: 9n }, group]),
    `${head}vm.hugetlb_shm_group = 70\nvm.x/y = 1\nkernel.shmmni = 9\n`,
  )
  t.equal(mergeIntoStartFile('sysctl', before, [{ setting: group.setting }]), `${head}vm.x/y = 1\n`)
  t.equal(mergeIntoStartFile('sysctl', before, [{ setting: never.setting }]), before)
  const writes = mergeIntoStartFile('tmpfiles', undefined, [never])
  t.equal(mergeIntoStartFile('tmpfiles', writes, []), writes)
  t.equal(mergeIntoStartFile('tmpfiles', writes, [{ setting: never.setting }]), undefined)
})

t.test('who wrote it', async (t) => {
  t.equal(isOwnStartText(`${head}vm.x = 1\n`), true)
  t.equal(isOwnStartText(`vm.x = 1\n${head}`), false)
})

t.test('bytes that are no ASCII stay, be they text or not', async (t) => {
  t.equal(
    mergeIntoStartFile(
      'sysctl',
      asOctets(`${head}kernel.x = f\xc3\xa0\nkernel.y\xff = \xa0\x85\n`),
      [group],
    ),
    `${head}kernel.x = f\xc3\xa0\nkernel.y\xff = \xa0\x85\nvm.hugetlb_shm_group = 70\n`,
  )
  t.equal(
    mergeIntoStartFile('tmpfiles', asOctets(`${head}w /sys/\xff\xa0 - - - - \xc3\xa0\n`), [never]),
    `${head}w /sys/\xff\xa0 - - - - \xc3\xa0\nw /sys/kernel/mm/transparent_hugepage/enabled - - - - never\n`,
  )
})
