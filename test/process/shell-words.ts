import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { fileLine } from '../../src/model/etc/file-line.ts'
import { asOctets, octets } from '../../src/model/etc/octets.ts'
import { shellWord } from '../../src/model/etc/shell-word.ts'

const directory = mkdtempSync(join(tmpdir(), 'hugepool-words-'))
t.teardown(() => rmSync(directory, { recursive: true, maxRetries: 5 }))

const texts = [
  "it's a \\n 100%s",
  'a\x1b[2Jb',
  '-e\x01%d\\033',
  'a\nb',
  '\n',
  'a\n\n',
  '\u009b\u202eä\r\x7f',
  '$HOME`id`"\x07',
]

for (const shell of ['sh', 'bash'])
  t.test(`${shell} reads every word as what it was made of`, async (t) => {
    const words = texts.map(shellWord).join(' ')
    const { stdout } = spawnSync(shell, ['-c', `printf '%s|' ${words}`], { encoding: 'utf8' })
    t.equal(stdout, texts.map((text) => `${text}|`).join(''))
  })

t.test('a shell writes the file that a line is about', async (t) => {
  const invalid = asOctets(`# ${octets('f\u00fcr \u2028')} \xff\x85\n-\xa0%\\\n`)
  for (const text of [octets('a $b\n\t`c`\n'), octets("x\n\n'\x1b\u00e4'\n%\\\n"), invalid]) {
    const path = join(directory, 'a\x1bb')
    spawnSync('sh', ['-c', fileLine(path, text)])
    t.equal(readFileSync(path, 'latin1'), text)
  }
})
