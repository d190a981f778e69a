import t from 'tap'
import { missingPages } from '../../../src/model/doctor/missing-pages.ts'

t.test('one is missing, and more are', async (t) => {
  t.equal(missingPages(1n, 1n), '1 of 1 page is missing')
  t.equal(missingPages(1n, 8n), '1 of 8 pages is missing')
  t.equal(missingPages(2n, 8n), '2 of 8 pages are missing')
})
