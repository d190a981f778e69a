import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { shareWord } from '../../../src/kernel/mapping/sharing/share-word.ts'
import {
  at,
  debianArch,
  everything,
  inRoot,
  readmeLines,
  said,
  typed,
  without,
} from '../support/root.ts'

// The Debian package as README.md says that a person installs and removes it, with apt, in a Debian below a
// directory, which may be one of another processor. test/packages/deb.sh names both.

t.setTimeout(900_000)

const top = join(import.meta.dirname, '../../..')
const deb = process.env.HUGEPOOL_TEST_DEB ?? ''
const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'))
const [install, uninstall] = readmeLines('apt')
const stateOf = (): string =>
  inRoot('dpkg-query', '--showformat', `\${Version} \${Status}`, '--show', 'hugepool').stdout

const before = everything()

t.test('what README.md says installs it', async (t) => {
  const line = install.replace('_amd64.', `_${debianArch}.`)
  t.equal(line, `apt install ./${basename(deb)}`)
  t.equal(said('dpkg', '--print-architecture').trim(), debianArch)
  copyFileSync(deb, at(`tmp/${basename(deb)}`))
  const { status, stderr } = typed(line)
  t.equal(status, 0, stderr)
  t.equal(stateOf(), `${version}-1 install ok installed`)
  t.equal(said('dpkg', '--verify', 'hugepool'), '')
})

t.test('it is a program with manual and completion', async (t) => {
  t.equal(said('hugepool', '--version'), `hugepool ${version}\n`)
  t.match(said('hugepool', 'list'), /^SIZE /)
  t.strictSame(inRoot('hugepool', shareWord), { status: 0, stdout: '', stderr: '' }, 'the addon')
  t.match(said('hugepool', 'man', 'list'), /^HUGEPOOL-LIST\(8\) /)
  t.match(said('man', 'hugepool-list'), /^HUGEPOOL-LIST\(8\) /)
  const words = 'hugepool resi'
  const bash = [
    '. /usr/share/bash-completion/bash_completion',
    '_completion_loader hugepool',
    `COMP_WORDS=(${words}) COMP_CWORD=1 COMP_LINE='${words}' COMP_POINT=${words.length}`,
    '_hugepool hugepool resi hugepool',
    `echo "\${COMPREPLY[*]}"`,
  ]
  t.match(said('bash', '-c', bash.join('\n')), /^resize\s*$/)
})

t.test('removed it leaves the configuration, and what README.md says leaves nothing', async (t) => {
  const removed = typed('apt remove hugepool')
  t.equal(removed.status, 0, removed.stderr)
  t.ok(existsSync(at('/etc/hugepool.toml')))
  t.notOk(existsSync(at('/usr/bin/hugepool')))
  for (const line of [install.replace(/\.\/.*/, `./${basename(deb)}`), uninstall]) {
    const { status, stderr } = typed(line)
    t.equal(status, 0, stderr)
  }
  const after = everything()
  t.strictSame(
    { more: without(after, before), less: without(before, after) },
    { more: [], less: [] },
  )
  t.equal(stateOf(), '')
})
