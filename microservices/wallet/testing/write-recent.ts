/**
 * Writes recent balances, again and again, in a process of its own that a test kills at any instant. Environment:
 * DATABASE_URL.
 */
import { openDatabase } from '../../chassis/database/index.ts';
import { openSqlKeyValue } from '../../ports/key-value/sql.ts';
import { writeStaleBatch } from '../service/recent-balances.ts';

const database = openDatabase({ url: process.env['DATABASE_URL'] ?? '', schema: 'wallet' });
const keyValue = openSqlKeyValue(database);
process.stdout.write('ready\n');
for (;;) await writeStaleBatch({ database, keyValue });
