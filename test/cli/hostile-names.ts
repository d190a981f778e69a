import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadAllCommands } from '../../src/cli/commands.ts'
import { octalEscapes, visible } from '../../src/model/etc/octal-escapes.ts'
import type { Result } from '../helpers/caught.ts'
import { unseenIn } from '../helpers/hostile.ts'
import { hugeDirectory } from '../helpers/huge-directory.ts'
import { lastingStage } from '../helpers/lasting-stage.ts'
import { mountedOn, onKernel, onRecording } from '../helpers/manual-stages.ts'
import { lines } from '../helpers/on-fake.ts'
import { fill } from '../helpers/proc-scan.ts'

// Names that strangers chose, in whole command lines: no byte that is printed is obeyed by a
// terminal, and documents keep the names.

const commands = await loadAllCommands()

/** A name that clears the screen, forges a hint and a prompt, and turns and hides what follows. */
const hostile = "a\u001b[2J\u001b]0;b\u0007\r\nhint: c\td\u202ee\u200bf\u2028g\u009bh';id;'"
const long = `${'x'.repeat(200)}\u001b[31m${'y'.repeat(50)}`

const forms: readonly (readonly string[])[] = [
  [],
  ['--color=always'],
  ['--raw', '--output-all'],
  ['--pairs', '--output-all'],
  ['--json'],
]

/** Checks what a command line printed: nothing is obeyed, and no name made a line of its own. */
const check = (t: Test, { stdout, stderr, status }: Result, line: string): void => {
  const label = visible(line)
  t.strictSame(unseenIn(stdout), [], `${label}: standard output`)
  t.strictSame(unseenIn(stderr), [], `${label}: standard error`)
  t.notMatch(`${stdout}\n${stderr}`, /^(?:hint: )?(?:hint: )?c\\011d/m, `${label}: a forged line`)
  t.not(status, 70, label)
}

/** What the kernel writes for a directory in mountinfo (mangle in fs/proc_namespace.c). */
const mangled = (path: string): string => path.replace(/[ \t\n\\#]/g, octalEscapes)

const targets = [`/mnt/${hostile}`, `/mnt/${long}`, '/mnt/plain']
const mounts = targets.map((target) => mountedOn(mangled(target)))

t.test('mounts on directories with such names', async (t) => {
  for (const form of forms) {
    const result = await onRecording(t, ['mounts', ...form], { mounts })
    check(t, result, `mounts ${form.join(' ')}`)
    const isJson = form.includes('--json')
    const found = isJson ? JSON.parse(result.stdout).mounts : []
    if (isJson)
      t.strictSame(
        found.map((one: { target: string }) => one.target),
        targets,
      )
    else t.equal(result.stdout.trimEnd().split('\n').length, form[0] === '--pairs' ? 3 : 4)
  }
})

t.test('their removal', async (t) => {
  for (const words of [['--all', '--dry-run'], [targets[0] ?? '']])
    for (const form of [[], ['--color=always'], ['--json']]) {
      const typed = ['umount', ...words, ...form]
      const result = await onRecording(t, typed, { mounts, umount: 'EBUSY' })
      check(t, result, typed.join(' '))
    }
})

t.test('files, their question and their removal', async (t) => {
  const names = [hostile.replace('/', ''), long.slice(0, 255), 'plain']
  for (const words of ['files', 'files --clean --older 0s --dry-run', 'files --clean --older 0s'])
    for (const form of forms) {
      if (words !== 'files' && form.some((word) => /raw|pairs/.test(word))) continue
      const { run, questions, top } = hugeDirectory(t, names)
      const line = [words, ...form].join(' ')
      const result = await run(line, { answer: 'n' })
      check(t, result, line)
      for (const question of questions) t.strictSame(unseenIn(question), [], 'the question')
      if (line === 'files --json') {
        const found = JSON.parse(result.stdout).files.map(({ path }: { path: string }) => path)
        t.strictSame(found.toSorted(), names.map((name) => join(top, name)).toSorted())
      }
    }
})

t.test('processes whose names a mapping shows', async (t) => {
  const command = 'a\u001b[2J\u202e\nx'
  for (const form of forms) {
    const { run, proc, top, device } = hugeDirectory(t, ['plain'])
    fill(proc, {
      texts: {
        '7/status': lines(`Name:\t${command.replace('\n', '\\n')}`, 'Uid:\t0\t0\t0\t0'),
        '7/comm': `${command}\n`,
        '7/maps': `7f0000000000-7f0000200000 rw-s 00000000 ${device} 5 ${top}/${hostile.replaceAll('\n', '\\012')}\n`,
        '7/smaps': '',
        '7/cgroup': `0::/${hostile.replaceAll('\n', '')}.service\n`,
      },
    })
    for (const words of ['who', 'who --all', 'files', 'resize 2M=0']) {
      const line = [words, ...form].join(' ')
      check(t, await run(line), line)
    }
  }
})

t.test('words that are typed, at each place of each command', async (t) => {
  for (const { name } of commands.filter(({ name }) => name !== 'man'))
    for (const words of [
      [name, hostile],
      [name, `2M=${hostile}`],
      [name, '--sysroot', `/nonexistent/${hostile}`],
      [name, '--output', hostile],
      [name, `--${hostile}`],
      [name, '--config', `/nonexistent/${hostile}`],
      [name, `/${hostile}`, `/${long}`],
      [hostile, name],
    ])
      for (const form of [[], ['--json']]) {
        const result = await onKernel([...words, ...form])
        check(t, result, [...words, ...form].join(' '))
      }
})

t.test('files of configuration', async (t) => {
  const texts = {
    key: `"${hostile}" = 1\n`,
    control: `[pools.2M]\npages = "\u202e\u200b"\n`,
    broken: `[pools.2M\u001b[2J\npages = 1\n`,
    mount: `[[mounts]]\npath = ${JSON.stringify(`/mnt/${hostile}`)}\npagesize = "2M"\n`,
  }
  for (const [name, text] of Object.entries(texts))
    for (const words of ['check', 'apply --dry-run', 'export', 'doctor'])
      for (const form of ['', ' --json']) {
        const { hugepool } = lastingStage(t, { '/etc/hugepool.toml': text })
        check(t, await hugepool(`${words}${form}`), `${name}: ${words}${form}`)
      }
})

t.test('words of the kernel command line, fstab, and settings of others', async (t) => {
  const files = {
    '/etc/fstab': `none /mnt/${mangled(hostile)} hugetlbfs pagesize=2M,${mangled(long)} 0 0\n`,
    '/etc/sysctl.d/99-x.conf': `vm.nr_hugepages = \u001b[2J5\u202e\n`,
    [`/etc/sysctl.d/${'y'.repeat(200)}\u001b[2J.conf`]: 'vm.nr_hugepages = 7\n',
    '/etc/default/grub': `GRUB_CMDLINE_LINUX="hugepages=\u001b[2J5 \u202e"\n`,
  }
  for (const words of ['check', 'export', 'doctor', 'boot', 'mounts', 'boot --line hugepages=5'])
    for (const form of ['', ' --json']) {
      const stage = lastingStage(t, files)
      stage.kernel.extra.set('/proc/cmdline', `quiet hugepages=\u001b[2J5 x=${hostile}\n`)
      check(t, await stage.hugepool(`${words}${form}`), `${words}${form}`)
    }
})
