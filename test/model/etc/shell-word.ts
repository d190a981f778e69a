import t from 'tap'
import { quotedCommand, shellWord } from '../../../src/model/etc/shell-word.ts'

t.test('what means itself stands as it is', async (t) => {
  for (const text of ['a', '/mnt/huge-1G', 'a@b%+=:,._', '0']) t.equal(shellWord(text), text)
})

t.test('anything else is quoted', async (t) => {
  for (const text of ['', 'a b', '$x', 'a\nb', '*', 'a;', ';a', '~', 'ä', '#'])
    t.equal(shellWord(text), `'${text}'`)
  t.equal(shellWord("it's 'so'"), "'it'\\''s '\\''so'\\'''")
})

t.test('a command in a sentence has other quotes around it than in it', async (t) => {
  t.equal(quotedCommand('hugepool umount /mnt/huge'), "'hugepool umount /mnt/huge'")
  t.equal(quotedCommand("hugepool umount '/a b'"), `"hugepool umount '/a b'"`)
})
