// In the place of the package sqlite3: it can be loaded, and says what to do when somebody opens a database with it.
class Database {
  constructor() {
    throw new Error('This n8n has no SQLite. Use a PostgreSQL or MySQL database here.');
  }
}

const sqlite3 = { Database, verbose: () => sqlite3 };

module.exports = sqlite3;
