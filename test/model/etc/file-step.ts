import t from 'tap'
import { type FileStep, inverse, shellLines } from '../../../src/model/etc/file-step.ts'

const path = '/etc/a b'
const shell = ['sed -i 1d x']
const replace: FileStep = { do: 'replace', path, before: 'old', after: 'new', shell }
const make: FileStep = { do: 'replace', path, after: 'new', shell }
const link: FileStep = { do: 'link', path: '/etc/wants/x', to: '/etc/a b' }

t.test('what takes a step back', async (t) => {
  t.strictSame(inverse(replace), {
    do: 'replace',
    path,
    before: 'new',
    after: 'old',
    shell: [],
  })
  t.strictSame(inverse(make), { do: 'remove', path, before: 'new' })
  t.strictSame(inverse({ do: 'replace', path, before: '', after: 'new', shell }), {
    do: 'replace',
    path,
    before: 'new',
    after: '',
    shell: [],
  })
  t.strictSame(inverse({ do: 'remove', path, before: 'old' }), {
    do: 'replace',
    path,
    after: 'old',
    shell: [],
  })
  const owner = { uid: 12, gid: 34 }
  const made = inverse({ do: 'remove', path, before: 'old' }, { mode: 0o755, owner })
  t.strictSame(made, { do: 'replace', path, after: 'old', mode: 0o755, owner, shell: [] })
  t.strictSame(inverse(link), { do: 'unlink', path: '/etc/wants/x', to: '/etc/a b' })
  t.strictSame(inverse(inverse(link)), link)
})

t.test('the lines for a shell', async (t) => {
  t.strictSame(shellLines(replace), shell)
  t.strictSame(shellLines({ ...replace, backup: '/etc/a~' }), [
    "cp -p '/etc/a b' '/etc/a~'",
    ...shell,
  ])
  t.strictSame(shellLines({ ...make, backup: '/etc/a~' }), shell, 'there is nothing to be kept')
  t.strictSame(shellLines(link), ['mkdir -p /etc/wants', "ln -s '/etc/a b' /etc/wants/x"])
  t.strictSame(shellLines({ do: 'remove', path, before: 'old' }), ["rm '/etc/a b'"])
  t.strictSame(shellLines({ do: 'unlink', path: '/etc/x', to: 'y' }), ['rm /etc/x'])
})
