import { fstatSync, readdirSync, writeSync } from 'node:fs'
import t from 'tap'
import { mapperWith } from '../../../src/kernel/mapping/mapper.ts'
import { answering } from '../../helpers/failing-files.ts'
import { nativeWith } from '../../helpers/fake-native.ts'

const mapper = mapperWith(nativeWith({}), [])

t.test('where a file system has no files without a name one is made and unlinked', async (t) => {
  for (const code of ['EOPNOTSUPP', 'EISDIR'])
    await t.test(code, async (t) => {
      const directory = t.testdir({ file: '' })
      answering(t, directory, code, ['openSync'])
      const descriptor = mapper.unnamedFile(directory)
      t.teardown(() => mapper.close(descriptor))
      const { nlink, mode, size } = fstatSync(descriptor)
      t.strictSame({ nlink, mode: mode & 0o7777, size }, { nlink: 0, mode: 0o600, size: 0 })
      t.equal(writeSync(descriptor, 'x'), 1)
      t.strictSame(readdirSync(directory), ['file'], 'its name is gone')
    })
})
