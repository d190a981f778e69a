import t from 'tap'
import { loaderSchema } from '../../../src/output/schemas/loader-schema.ts'
import { commandsSchema } from '../../../src/output/schemas/parts.ts'
import { parseExact } from '../../helpers/json.ts'
import { loaderMachines, loaderStage } from '../../helpers/loader-stage.ts'

const files = {
  ...loaderMachines['debian-grub']?.files,
  '/proc/cmdline': 'root=/dev/sda1\n',
  '/proc/sys/kernel/osrelease': '6.12.0-amd64\n',
  '/proc/meminfo': 'MemTotal: 8388608 kB\nHugepagesize: 2048 kB\n',
  '/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0\n',
}
const words = 'hugepagesz=2M hugepages=8'
const install = ['boot', '--install', '--line', words]
const found = 'hugepool: note: boot loader: GRUB of Debian (/etc/default/grub.d)\n'
const hints = `hint: it takes a reboot: nothing is changed until then
hint: to boot once without: choose the recovery mode in the menu of GRUB, or press 'e' there and delete the words
`

t.test('installed, pending, removed', async (t) => {
  const { hugepool } = loaderStage(t, files)
  const { stdout, stderr, status } = await hugepool(...install)
  t.strictSame(
    { status, stdout, stderr },
    {
      status: 0,
      stdout: `LINE       WHERE                PAGES   WORDS\nnext-boot  /boot/grub/grub.cfg  2M=0:8  ${words}\n`,
      stderr: `${found}hugepool: note: /boot/grub/grub.cfg: the next boot has ${words}\n${hints}`,
    },
  )
  const pending = await hugepool('boot', '--pending')
  t.strictSame(
    [pending.status, pending.stdout],
    [
      5,
      `LINE        WHERE                               PAGES   WORDS
configured  /etc/default/grub.d/99-hugepool.cfg  -       ${words}
next-boot   /boot/grub/grub.cfg                  2M=0:8  ${words}
this-boot   /proc/cmdline                        none    -
`.replace(
        'WHERE                               PAGES',
        'WHERE                                PAGES',
      ),
    ],
  )
  const removed = await hugepool('boot', '--remove')
  t.strictSame(
    [removed.status, removed.stdout],
    [0, 'LINE       WHERE                PAGES  WORDS\nnext-boot  /boot/grub/grub.cfg  none   -\n'],
  )
  t.equal((await hugepool('boot', '--pending')).status, 0)
})

t.test('documents', async (t) => {
  const { hugepool } = loaderStage(t, files)
  const shown = async (...line: readonly string[]) =>
    loaderSchema.parse(parseExact((await hugepool(...line, '--json')).stdout))
  const loader = { name: 'debian-grub', title: 'GRUB of Debian (/etc/default/grub.d)' }
  const installed = await shown(...install)
  t.strictSame(
    [installed.action, installed.outcome, installed.loader, installed.next?.words],
    ['install', 'done', loader, words],
  )
  t.strictSame(installed.next?.predicted?.pools, [
    { pageSize: 2097152n, total: 8n, nodes: [{ node: 0, total: 8n }] },
  ])
  const { configured, now, next, differs } = await shown('boot', '--pending')
  t.strictSame(
    [configured?.words, next?.words, next?.release, now?.words, now?.line, differs],
    [words, words, '6.12.0-amd64', '', 'root=/dev/sda1', ['this-boot']],
  )
  const { action, outcome } = await shown('boot', '--remove')
  t.strictSame([action, outcome], ['remove', 'done'])
})

t.test('a dry run', async (t) => {
  const { hugepool, texts } = loaderStage(t, files)
  const before = texts()
  const { status, stdout, stderr } = await hugepool(...install, '--dry-run')
  t.strictSame([status, stderr], [0, found])
  t.match(stdout, /^mkdir -p \/var\/lib\/hugepool\ncat > \/var\/lib\/hugepool\/boot.json <<'END'\n/)
  t.match(
    stdout,
    `GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT ${words}"\nEND\nupdate-grub\n`,
  )
  t.strictSame(texts(), before)
  const json = await hugepool(...install, '--dry-run', '--json')
  t.ok(commandsSchema.parse(parseExact(json.stdout)).commands.includes('update-grub'))
})

t.test('what an administrator has to do', async (t) => {
  const { hugepool } = loaderStage(t, { '/etc/os-release': 'ID=nixos\n' })
  t.hasStrict(await hugepool(...install), {
    status: 5,
    stdout:
      'in /etc/nixos/configuration.nix: boot.kernelParams = [ "hugepagesz=2M" "hugepages=8" ];\nnixos-rebuild boot\n',
    stderr:
      'hugepool: boot loader: NixOS\nhugepool: hugepool does not change it: this is what to do\n',
  })
  const { stdout } = await hugepool(...install, '--json')
  const { outcome, lines } = loaderSchema.parse(parseExact(stdout))
  t.strictSame([outcome, lines?.length], ['printed', 2])
})

t.test('a next boot without the pages', async (t) => {
  const { hugepool } = loaderStage(t, {
    ...files,
    '/etc/default/grub.d/zz.cfg': 'GRUB_CMDLINE_LINUX_DEFAULT=quiet\n',
  })
  const { status, stderr } = await hugepool(...install)
  t.equal(status, 64)
  t.match(stderr, 'hugepool: the next boot does not give the pages of these words\n')
})

t.test('a line that is written and installed in one', async (t) => {
  const { hugepool, text } = loaderStage(t, files)
  const { status, stdout } = await hugepool('boot', '2M=8', '--install')
  t.strictSame(
    [status, stdout],
    [
      0,
      `LINE       WHERE                PAGES   WORDS\nnext-boot  /boot/grub/grub.cfg  2M=0:8  ${words}\n`,
    ],
  )
  t.match(text('/etc/default/grub.d/99-hugepool.cfg'), `_DEFAULT ${words}"\n`)
  const nothing = await hugepool('boot', '--leave', '1G', '--install')
  t.strictSame(
    [nothing.status, nothing.stderr.split('\n')[0]],
    [2, 'hugepool: there are no words to install'],
  )
  t.equal((await hugepool('boot', '2M=8', '--remove')).status, 2)
})
