DROP INDEX members_responsible;
