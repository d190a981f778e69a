import t from 'tap'
import { readBootFiles } from '../../../src/kernel/boot/read-boot-files.ts'
import { kexecNotes, lookAtKexec } from '../../../src/operations/boot/kexec-boot.ts'
import { loaderStage } from '../../helpers/loader-stage.ts'

const there = {
  '/usr/sbin/kexec': '',
  '/etc/init.d/kexec-load': '',
  '/etc/default/kexec': 'LOAD_KEXEC=true\nAPPEND="ro hugepages=3 quiet"\n',
}
const path = '/etc/default/kexec'

t.test('its words, and what they come to where pools are known', async (t) => {
  const at = async (files: Readonly<Record<string, string>>) => {
    const { ports } = loaderStage(t, files)
    return lookAtKexec(ports, await readBootFiles(ports.tree))
  }
  const seen = { path, line: 'ro hugepages=3 quiet', words: 'hugepages=3' }
  t.strictSame(await at(there), seen)
  t.equal(await at({}), undefined)
  t.strictSame(await at({ '/sys/kernel/kexec_loaded': '1\n' }), {
    path: '/sys/kernel/kexec_loaded',
  })
  const machine = {
    '/proc/sys/kernel/osrelease': '6.12.0-amd64\n',
    '/proc/meminfo': 'MemTotal: 8388608 kB\nHugepagesize: 2048 kB\n',
    '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0\n',
  }
  t.equal((await at({ ...there, ...machine }))?.predicted?.pools[0]?.total, 3n)
})

t.test('what is said of it', async (t) => {
  t.strictSame(kexecNotes(undefined, 'a'), [])
  t.strictSame(kexecNotes({ path, line: 'a', words: 'a' }, 'a'), [])
  t.strictSame(kexecNotes({ path, line: 'a', words: 'a' }), [])
  const past = 'coldreboot(8) goes through the boot loader'
  t.strictSame(kexecNotes({ path, line: 'a', words: 'a' }, 'b'), [
    `${path}: a reboot by kexec has a: ${past}`,
  ])
  t.strictSame(kexecNotes({ path, line: '', words: '' }, 'b'), [
    `${path}: a reboot by kexec has no words about HugeTLB: ${past}`,
  ])
  t.strictSame(kexecNotes({ path }, 'b'), [
    `${path}: a reboot starts by kexec, with a line that a shell makes then`,
  ])
  t.strictSame(kexecNotes({ path: '/sys/kernel/kexec_loaded' }), [
    '/sys/kernel/kexec_loaded: a kernel is loaded that a reboot starts by kexec: its line cannot be read',
  ])
})
