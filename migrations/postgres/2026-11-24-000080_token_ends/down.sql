DROP INDEX admin_tokens_end;
