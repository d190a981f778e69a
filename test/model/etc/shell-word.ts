import t from 'tap'
import { asOctets, octets } from '../../../src/model/etc/octets.ts'
import {
  commandLine,
  printCommand,
  printOctets,
  quotedCommand,
  shellWord,
} from '../../../src/model/etc/shell-word.ts'

t.test('what means itself stands as it is', async (t) => {
  for (const text of ['a', '/mnt/huge-1G', 'a@b%+=:,._', '0']) t.equal(shellWord(text), text)
})

t.test('anything else is quoted', async (t) => {
  for (const text of ['', 'a b', '$x', '*', 'a;', ';a', '~', 'ä', '#'])
    t.equal(shellWord(text), `'${text}'`)
  t.equal(shellWord("it's 'so'"), "'it'\\''s '\\''so'\\'''")
})

t.test('a command in a sentence has other quotes around it than in it', async (t) => {
  t.equal(quotedCommand('hugepool umount /mnt/huge'), "'hugepool umount /mnt/huge'")
  t.equal(quotedCommand("hugepool umount '/a b'"), `"hugepool umount '/a b'"`)
})

t.test('words stand on a line with blanks between them', async (t) => {
  t.equal(commandLine(['rm', '--', '/a b', '']), "rm -- '/a b' ''")
  t.equal(commandLine([]), '')
})

t.test('a terminal has nothing to obey', async (t) => {
  for (const [text, word] of [
    ['a\nb', `"$(printf 'a\\012b')"`],
    ['\x1b[2J', `"$(printf '\\033[2J')"`],
    ['\x7f\t', `"$(printf '\\177\\011')"`],
    ["it's\r", `"$(printf 'it'\\''s\\015')"`],
    ['\u009b', `"$(printf '\\302\\233')"`],
    ['\u202eä', `"$(printf '\\342\\200\\256ä')"`],
    ['100%\\n\x01', `"$(printf '100%%\\\\n\\001')"`],
    ['-e\x01-', `"$(printf '\\055e\\001-')"`],
  ] as const)
    t.equal(shellWord(text), word)
})

t.test('a shell keeps the newlines at the end of a text that stands as it is', async (t) => {
  t.equal(shellWord('a\n'), `'a''\n'`)
  t.equal(shellWord('\n'), `'''\n'`)
  t.equal(shellWord('a\nb\n\n'), `"$(printf 'a\\012b')"'\n\n'`)
})

t.test('a command prints the text with its last newline', async (t) => {
  t.equal(printCommand('a b\n'), "printf 'a b\\012'")
})

t.test('a command prints octets that are no text', async (t) => {
  t.equal(
    printOctets(asOctets(`-\xff\\${octets('\u00e4')}%\x85`)),
    "printf '\\055\\377\\\\\u00e4%%\\205'",
  )
})
