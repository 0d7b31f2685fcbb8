import { describeObjectsOfAService } from './objects-of-a-service.ts';

describeObjectsOfAService(process.env['TEST_S3'] ? 'the S3 server of TEST_S3' : 'a folder');
