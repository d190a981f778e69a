import t from 'tap'
import { bridgeFor } from '../../src/cli/foreign-hint.ts'

const hintFor = (line: string) => bridgeFor(line.split(' '))?.hint

// These are compared with what virsh(1) documents. libvirtd of Debian does not start without the user
// libvirt-qemu, who comes with a package that starts services, so that virsh is not run beside them.

/** The help of virsh(1): allocpages [--pagesize] SIZE [--pagecount] N [[--cellno] CELL] [--add] [--all]. */
const allocations: Readonly<Record<string, string>> = {
  '2048 5': '2048kB=5',
  '2M 5': '2M=5',
  '2048KiB 5': '2048KiB=5',
  '2048 5 1': '2048kB=1:5',
  '--pagesize 2M --pagecount 5': '2M=5',
  '--pagecount 5 --pagesize=2M': '2M=5',
  '--pagesize 2M 5 1': '2M=1:5',
  '2M --cellno 1 5': '2M=1:5',
  '2M 64 --cellno 0': '2M=0:64',
  '2M 64 --add': '2M=+64',
  '--add 2M 64': '2M=+64',
  '2M 64 --cellno=1 --add': '2M=1:+64',
  '2M 64 --all': '2M=64 --node all',
  '--all --add 2M 64': '2M=+64 --node all',
  '2MB 5': 'SIZE=5',
  '2M many': '2M=COUNT',
  '2M 5 --cellno -1': '2M=NODE:5',
}

t.test('allocpages', async (t) => {
  for (const [typed, words] of Object.entries(allocations))
    t.equal(hintFor(`allocpages ${typed}`), `'hugepool resize ${words}'`, typed)
  t.equal(hintFor('allocpages'), "'hugepool resize SIZE=COUNT'")
  t.equal(hintFor('--json allocpages 2M 5'), "'hugepool resize 2M=5'")
  t.equal(hintFor('virsh allocpages 2M 5'), "'hugepool resize 2M=5'")
})

t.test('freepages only looks', async (t) => {
  for (const typed of ['freepages', 'freepages --all', 'freepages 0', 'freepages --cellno 0'])
    t.equal(hintFor(typed), "'hugepool list --per-node'", typed)
  for (const typed of ['freepages 0 2M', 'freepages --pagesize 2M --cellno 0'])
    t.equal(hintFor(typed), "'hugepool list 2M --per-node'", typed)
  t.equal(hintFor('freepages 0 2048'), "'hugepool list 2048kB --per-node'")
})
