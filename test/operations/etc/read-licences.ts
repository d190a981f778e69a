import t from 'tap'
import { readLicences } from '../../../src/operations/etc/read-licences.ts'
import { systemError } from '../../helpers/fake-kernel/fake-kernel-errors.ts'

const files: Readonly<Record<string, string>> = {
  LICENSE: 'its own\n',
  'dist/THIRD-PARTY-LICENCES.txt': 'of packages\n',
}

const licencesIn = (all: Readonly<Record<string, string>>, code: 'EIO' | 'ENOENT' = 'ENOENT') => {
  const read = (name: string) => {
    const text = all[name]
    if (text === undefined) throw systemError(code, 'open')
    return text
  }
  return readLicences({ packaged: { fileOf: (name) => name, read } })
}

t.test('the licence of hugepool comes before those of others', async (t) => {
  t.equal(licencesIn(files), 'its own\n\n\nof packages')
})

t.test('where Node is inside its licences are, too', async (t) => {
  const whole = { ...files, 'dist/NODE-LICENCES.txt': 'of Node\n' }
  t.equal(licencesIn(whole), 'its own\n\n\nof packages\n\n\nof Node')
})

t.test('none of those that have to be there is left out in silence', async (t) => {
  for (const name of Object.keys(files)) {
    const { [name]: _, ...rest } = files
    t.throws(() => licencesIn(rest), { code: 'ENOENT' }, name)
  }
  t.throws(() => licencesIn(files, 'EIO'), { code: 'EIO' })
  t.throws(() => readLicences({}), { message: 'the launcher names no files of the program' })
})
